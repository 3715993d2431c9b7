/** JSON as base64 of its UTF-8 bytes: a header may carry ASCII only, a file name may not be. */
export function encodeHeader(value: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value ?? null));
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
