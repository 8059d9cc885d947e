/**
 * What `yaml` has for writing YAML, making nodes and turning them into values: only its parser is used, and what of a
 * document is read are its errors and its tree. Parsing never comes here.
 */
function leftOut(): never {
  throw new Error('this part of yaml is left out of the bundle');
}

export {
  leftOut as addPairToJSMap,
  leftOut as applyReviver,
  leftOut as createNode,
  leftOut as createStringifyContext,
  leftOut as indentComment,
  leftOut as lineComment,
  leftOut as stringify,
  leftOut as stringifyCollection,
  leftOut as stringifyComment,
  leftOut as stringifyDocument,
  leftOut as stringifyNumber,
  leftOut as stringifyPair,
  leftOut as stringifyString,
  leftOut as toJS,
  leftOut as visit,
  leftOut as visitAsync,
};
