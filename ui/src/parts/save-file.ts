/** Hands bytes to the system as a file to keep. */
export function saveBytes(bytes: Uint8Array, fileName: string, mediaType: string): void {
  const address = URL.createObjectURL(new Blob([bytes as BlobPart], { type: mediaType }));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
  // The download begins after the click has been handled; taking the address away at once would empty it.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
