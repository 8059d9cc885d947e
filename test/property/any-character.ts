import fc from 'fast-check';

/** Any code point, a surrogate alone among them; fast-check's own unit `binary` takes a second to get ready. */
export const anyCharacter = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));
