/** What `init` is told to allow for the targets of the suite; everything else on the fake internet is foreign. */
export const listedNames: readonly string[] = [
  'allowed.example',
  '.suffix.example',
  '.wide.example',
  'ssh.example:22',
  'rebind.example',
  'rebind.example:22',
  'flip.example',
  'flip.example:22',
  'cdn.example',
  'rotating.example',
  'six.example',
].flatMap((host) => ['--allow', host]);
