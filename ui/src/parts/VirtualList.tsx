import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import css from "./VirtualList.module.css";

interface Props<T> {
  items: readonly T[];
  /** Stable id of an item, also used as part of the row's DOM id. */
  idOf: (item: T) => string;
  /** Height of a row in rem; all rows are alike. */
  rowRem: number;
  label: string;
  /** Which row is marked, and how to move the mark. */
  current: number;
  onCurrent: (index: number) => void;
  onOpen: (item: T) => void;
  /** Called when the end comes near, for the next page. */
  onEnd?: () => void;
  children: (item: T, current: boolean) => ReactNode;
}

function rootFontSize(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}

/** A list of any length of which only the rows in sight exist. Arrows, J and K move the mark, Enter opens. */
export function VirtualList<T>({ items, idOf, rowRem, label, current, onCurrent, onOpen, onEnd, children }: Props<T>) {
  const frame = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowRem * rootFontSize(),
    overscan: 8,
    initialRect: { width: 800, height: 600 },
  });
  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? -1;

  useEffect(() => {
    if (onEnd && last >= items.length - 10) onEnd();
  }, [last, items.length, onEnd]);

  const move = (to: number) => {
    const index = Math.max(0, Math.min(items.length - 1, to));
    onCurrent(index);
    rows.scrollToIndex(index);
  };
  const press = (event: KeyboardEvent) => {
    const step = STEPS[event.key] ?? 0;
    if (step !== 0) move(current + step);
    else if (event.key === "Home") move(0);
    else if (event.key === "End") move(items.length - 1);
    else if (event.key === "Enter" && items[current]) onOpen(items[current]);
    else return;
    event.preventDefault();
  };

  const marked = items[current];
  return (
    <div
      ref={frame}
      className={css.frame}
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={marked && visible.some((row) => row.index === current) ? `row-${idOf(marked)}` : undefined}
      onKeyDown={press}
    >
      <div style={{ height: rows.getTotalSize(), position: "relative" }} role="presentation">
        {visible.map((row) => {
          const item = items[row.index] as T;
          return (
            <div
              key={idOf(item)}
              id={`row-${idOf(item)}`}
              role="option"
              aria-selected={row.index === current}
              aria-setsize={items.length}
              aria-posinset={row.index + 1}
              className={css.row}
              style={{ height: row.size, transform: `translateY(${row.start}px)` }}
              onClick={() => {
                onCurrent(row.index);
                onOpen(item);
              }}
            >
              {children(item, row.index === current)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: 10, PageUp: -10 };
