import { expect, test } from 'vitest';
import { drawTerminal } from '../../../scripts/picture.js';

test('a picture has a text for each run, at its column and in its colour', () => {
  const picture = drawTerminal('lint', ['\u001b[1m\u001b[31merror\u001b[39m\u001b[22m: a <b> & "c"', '   x']);
  expect(picture.match(/<text .*/g)).toEqual([
    '<text x="18" y="58" textLength="42" fill="#ff7b72" font-weight="bold" xml:space="preserve">error</text>',
    '<text x="60" y="58" textLength="109.2" fill="#e6edf3" xml:space="preserve">: a &lt;b&gt; &amp; "c"</text>',
    '<text x="43.2" y="77" textLength="8.4" fill="#e6edf3" xml:space="preserve">x</text>',
  ]);
});
