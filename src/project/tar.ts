import { UserError } from '../core/errors.js';

/** A piece of a regular file in an archive. Files without content have no piece. */
export interface FilePiece {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const blockSize = 512;

/**
 * The regular files of a tar stream, piece by piece as they come; links, folders and names beyond 100 bytes are passed
 * over. Nothing of the archive is written anywhere.
 *
 * @throws UserError where it is not a tar archive, or ends too early.
 */
export async function* readTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<FilePiece> {
  let header = Buffer.alloc(0);
  let file: { path: string | undefined; left: number; padding: number } | undefined;
  let isEnd = false;
  for await (const chunk of chunks) {
    let at = 0;
    while (at < chunk.length && !isEnd) {
      if (!file) {
        const taken = chunk.subarray(at, at + blockSize - header.length);
        header = Buffer.concat([header, taken]);
        at += taken.length;
        if (header.length < blockSize) break;
        file = readHeader(header);
        header = Buffer.alloc(0);
        isEnd = file === undefined;
      } else if (file.left > 0) {
        const bytes = chunk.subarray(at, at + file.left);
        at += bytes.length;
        file.left -= bytes.length;
        if (file.path !== undefined) yield { path: file.path, bytes };
      } else {
        const skipped = Math.min(file.padding, chunk.length - at);
        at += skipped;
        file.padding -= skipped;
      }
      if (file && file.left === 0 && file.padding === 0) file = undefined;
    }
  }
  if (!isEnd && (file || header.length > 0))
    throw new UserError('the archive of the container ends too early');
}

/** Undefined for the block of zeros that ends an archive. */
function readHeader(header: Buffer): { path: string | undefined; left: number; padding: number } | undefined {
  if (header.every((byte) => byte === 0)) return undefined;
  const text = (start: number, length: number) =>
    header.toString('utf8', start, start + length).replace(/\0.*$/s, '');
  const size = Number.parseInt(text(124, 12).trim() || '0', 8);
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  if (sum !== Number.parseInt(text(148, 8).trim(), 8) || !Number.isSafeInteger(size) || size < 0)
    throw new UserError('what the container engine gave is not a tar archive');
  const isFile = ['', '0'].includes(text(156, 1)) && text(345, 155) === '';
  const path = isFile ? text(0, 100) : undefined;
  return { path, left: size, padding: (blockSize - (size % blockSize)) % blockSize };
}

export interface ArchivedFile {
  /** At most 100 ASCII characters. */
  readonly path: string;
  readonly text: string;
}

/** An archive of files that belong to root and that everybody may read. */
export function writeTar(files: readonly ArchivedFile[]): Buffer {
  const parts = files.flatMap(({ path, text }) => {
    const content = Buffer.from(text);
    return [
      headerFor(path, content.length),
      content,
      Buffer.alloc((blockSize - (content.length % blockSize)) % blockSize),
    ];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * blockSize)]);
}

function headerFor(path: string, size: number): Buffer {
  const header = Buffer.alloc(blockSize);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;
  const fields: readonly (readonly [offset: number, text: string])[] = [
    [0, path],
    [100, octal(0o644, 8)],
    [108, octal(0, 8)],
    [116, octal(0, 8)],
    [124, octal(size, 12)],
    [136, octal(Math.floor(Date.now() / 1000), 12)],
    [148, ' '.repeat(8)],
    [156, '0'],
    [257, 'ustar\x0000'],
  ];
  for (const [offset, text] of fields) header.write(text, offset, 'latin1');
  header.write(
    octal(
      header.reduce((total, byte) => total + byte, 0),
      7,
    ),
    148,
    'latin1',
  );
  return header;
}
