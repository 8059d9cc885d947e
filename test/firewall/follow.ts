import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

/** Reads a file that another process still appends to: each call gives the bytes that came since the last. */
export function followFile(path: string): () => Buffer {
  let at = 0;
  return () => {
    if (!existsSync(path)) return Buffer.alloc(0);
    const file = openSync(path, 'r');
    try {
      const news = Buffer.alloc(Math.max(0, fstatSync(file).size - at));
      const length = readSync(file, news, 0, news.length, at);
      at += length;
      return news.subarray(0, length);
    } finally {
      closeSync(file);
    }
  };
}
