import { useElementSize } from "@mantine/hooks";
import type { ReactNode } from "react";

/** Draws its content at the true width of its place, so that text and strokes keep their size. 600 before it is known. */
export function Measured({ height, children }: { height: number; children: (width: number) => ReactNode }) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  return (
    <div ref={ref} style={{ width: "100%", height }}>
      {children(width > 0 ? width : 600)}
    </div>
  );
}
