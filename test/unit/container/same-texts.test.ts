import { describe, expect, it } from 'vitest';
import { buildContainer } from '../../../src/container/build-container.js';
import { parseJson } from '../../../src/documents/json.js';
import { memoryProject } from '../../../src/index.js';

const text = `{
  "image": "node:24",
  "features": { "ghcr.io/anthropics/devcontainer-features/claude-code:1": {} },
  "mounts": ["source=\${localEnv:HOME}/.ssh,target=/root/.ssh,type=bind"],
  "postCreateCommand": "claude --dangerously-skip-permissions",
  "customizations": { "vscode": { "extensions": ["anthropic.claude-code@1.0.0"] } }
}
`;

describe('containers of the same text', () => {
  it('keep the places of their own files', async () => {
    for (const path of ['a/.devcontainer/devcontainer.json', 'b/.devcontainer.json']) {
      const container = await buildContainer(parseJson({ path, text }), memoryProject({ [path]: text }));
      const { mounts, features, extensions, lifecycle, posture } = container;
      const paths = [mounts, features, extensions, lifecycle, posture.agents, posture.unattended].map(
        ([first]) => first?.place.file.path,
      );
      expect(paths).toEqual(paths.map(() => path));
      expect(mounts[0]?.remove()[0]?.file).toBe(path);
    }
  });
});
