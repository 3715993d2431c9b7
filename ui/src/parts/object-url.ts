import { useEffect, useState } from "react";

/** The address of bytes while they are shown; it is given back when they are not. */
export function useObjectUrl(data: Uint8Array | undefined, type: string): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!data) return setAddress(undefined);
    const made = URL.createObjectURL(new Blob([data as BlobPart], { type }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [data, type]);
  return address;
}
