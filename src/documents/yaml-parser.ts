/** The parts of the parser that are used: a bundle leaves out the rest. */
export { isAlias, isCollection, isMap, isPair, isScalar, isSeq, parseAllDocuments } from 'yaml';
