import { describe, expect, test } from 'vitest';
import { readInstalls } from '../../../src/container/installs.js';
import { readCommands } from '../../../src/documents/command-words.js';

describe('what a command installs', () => {
  // A star behind what has no version.
  test.each<[string, readonly string[]]>([
    ['npm install -g typescript @a/b@1.2.3 c@latest', ['typescript *', '@a/b@1.2.3', 'c@latest *']],
    ['npm i --global --prefix /opt typescript', ['typescript *']],
    ['npm install typescript', []],
    ['npm ci', []],
    ['npx -y skills add x', ['skills *']],
    ['npx playwright install', []],
    ['npx skills@latest add', ['skills@latest *']],
    ['pnpm dlx create-x my-app', ['create-x *']],
    ['yarn global add a b@2.0.0', ['a *', 'b@2.0.0']],
    ['pip install ruff==0.14.0 "black[d]" -t /x .', ['ruff==0.14.0', 'black[d] *', '.']],
    ['pip install -r requirements.txt x', []],
    ['sudo -H python3 -m pip install --user x', ['x *']],
    ['uv tool install ruff@0.14.0', ['ruff@0.14.0']],
    ['uv pip install --system x', ['x *']],
    ['uvx ruff check', ['ruff *']],
    ['pipx install --python 3.13 poetry', ['poetry *']],
    ['go install golang.org/x/tools/gopls@latest', ['golang.org/x/tools/gopls@latest *']],
    ['go install ./...', ['./...']],
    ['cargo install --locked ripgrep', ['ripgrep *']],
    ['cargo install ripgrep --version 15.0.0', []],
    ['gem install bundler -v 2.7.2', []],
    ['git clone --depth 1 https://github.com/o/r /opt/r', ['https://github.com/o/r *']],
    ['git clone -b v1 https://github.com/o/r', ['https://github.com/o/r']],
    ['npm install -g $TOOL ${A}@1 ./x.tgz', ['$TOOL', '${A}@1', './x.tgz']],
    ['npm', []],
    ['', []],
  ])('%s', (text, expected) => {
    const found = readCommands(text).flatMap(readInstalls);
    expect(found.map(({ what, pinned }) => (pinned ? what : `${what} *`))).toEqual(expected);
  });
});
