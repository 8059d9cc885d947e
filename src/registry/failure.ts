/** What a registry could not, or would not, say. The message is a sentence part that begins with the host. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
}
