import { useId } from "react";

/** The mark of the program: a heart with a pulse on sea teal. Decorative; the name stands beside it. */
export function BrandMark({ size = "1.875rem" }: { size?: string }) {
  const id = useId();
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable="false">
      <defs>
        <linearGradient id={id} x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#35a5bd" />
          <stop offset="1" stopColor="#0b6e86" />
        </linearGradient>
      </defs>
      <rect width="32" height="32" rx="8" fill={`url(#${id})`} />
      <path
        d="M16 24.2c-5.6-3.7-8.3-6.9-8.3-10.2 0-2.5 1.9-4.4 4.3-4.4 1.6 0 3.1.9 4 2.3.9-1.4 2.4-2.3 4-2.3 2.4 0 4.3 1.9 4.3 4.4 0 3.3-2.7 6.5-8.3 10.2Z"
        fill="none"
        stroke="#fff"
        strokeWidth="1.8"
        strokeLinejoin="round"
      />
      <path d="M9.6 16.4h3.2l1.6-2.7 2.5 4.6 1.6-1.9h3.9" fill="none" stroke="#fff" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
