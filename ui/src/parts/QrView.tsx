import { useEffect, useState } from "react";
import css from "./QrView.module.css";

interface Props {
  /** SVG text made by the program. */
  svg: string;
  /** What the code is for, read instead of the picture. */
  label: string;
  /** Side in rem. */
  size?: number;
}

/** A QR code on white in both themes. The SVG is shown as a picture, so nothing in it can act. */
export function QrView({ svg, label, size = 16 }: Props) {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [svg]);
  return (
    <div className={css.frame} style={{ width: `${size}rem`, height: `${size}rem` }}>
      {address ? <img src={address} alt={label} className={css.code} /> : null}
    </div>
  );
}

/** The same from a PNG in base64, which is drawn sooner: for codes with many modules, and for those that change. */
export function QrPicture({ png, label, size = 16 }: { png: string | null; label: string; size?: number }) {
  return (
    <div className={`${css.frame} ${css.square}`} style={{ width: `${size}rem` }}>
      {png ? <img src={`data:image/png;base64,${png}`} alt={label} className={css.code} /> : null}
    </div>
  );
}
