import { describe, expect, test } from 'vitest';
import { breadthOf } from '../../src/agents/shell-breadth.js';

const cases = {
  everything: ['*', '**', ' * '],
  runner: [
    ...['bash *', 'sh -c *', '/bin/bash *', 'python *', 'python3 -c *', "node -e ' *", 'node*', 'perl *'],
    ...[
      'sudo *',
      'sudo bash *',
      'env *',
      'env -i *',
      'FOO=1 python *',
      'xargs *',
      'eval *',
      'npx *',
      'npx -y *',
    ],
    ...[
      'npx ts-node *',
      'uvx *',
      'bunx *',
      'pnpm dlx *',
      'docker *',
      'docker exec *',
      'docker exec -it web *',
    ],
    ...[
      'docker exec web bash *',
      'docker run *',
      'docker compose *',
      'docker compose exec *',
      'kubectl exec *',
    ],
    ...[
      'ssh *',
      'ssh host *',
      'curl *',
      'curl -s *',
      'wget *',
      'nc *',
      'uv run *',
      'mise exec *',
      'bun *',
      'deno run *',
    ],
    ...['* --version', 'python - *', 'npm exec *'],
  ],
  builder: [
    'npm run *',
    'npm *',
    'make *',
    'git *',
    'cargo run *',
    'pip install *',
    'uv pip *',
    'uv sync *',
    'bun run *',
  ],
  none: [
    ...[
      'npm test',
      'bash',
      'git status *',
      'git push *',
      'npm run build *',
      'npm run test:*',
      'ls *',
      'cat *',
    ],
    ...['python manage.py *', 'python -m pytest *', 'python3 -m py_compile *', 'node scripts/build.js *'],
    ...['bash scripts/test.sh *', 'sudo mkdir *', 'npx tsc *', 'npx prettier --write *', 'uvx pre-commit *'],
    ...[
      'docker ps *',
      'docker logs *',
      'docker compose ps *',
      'docker run --rm alpine *',
      'docker exec web npm test *',
    ],
    ...['kubectl get *', 'curl http://localhost:3000/*', 'xargs grep *', 'uv run pytest *', ''],
    ...['rg *', 'find *', 'bun test *', 'deno fmt *', 'bashful *', 'nodemon *'],
  ],
};

describe.each(Object.entries(cases))('%s', (level, patterns) => {
  test.each(patterns)('%s', (pattern) => {
    expect(breadthOf(pattern)?.level ?? 'none').toBe(level);
  });
});
