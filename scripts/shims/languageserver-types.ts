// In place of vscode-languageserver-types in the bundle: all that the Dockerfile parser asks of it, a fortieth of its size.

interface Point {
  readonly line: number;
  readonly character: number;
}

export const Position = {
  create: (line: number, character: number): Point => ({ line, character }),
};

/** Takes two positions or four numbers, as the package does. */
export const Range = {
  create(...ends: readonly (Point | number)[]): { readonly start: Point; readonly end: Point } {
    const [line, character, endLine, endCharacter] = ends;
    if (typeof line === 'number')
      return {
        start: Position.create(line, character as number),
        end: Position.create(endLine as number, endCharacter as number),
      };
    return { start: line as Point, end: character as Point };
  },
};
