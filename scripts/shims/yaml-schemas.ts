/** The schemas of `yaml` that are never asked for: scalars are read by our own rules, with its `failsafe` schema. */
export const schema: readonly never[] = [];
const none = undefined;

export {
  none as boolTag,
  none as float,
  none as floatExp,
  none as floatNaN,
  none as int,
  none as intHex,
  none as intOct,
  none as nullTag,
};
