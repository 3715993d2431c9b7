import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useRef, useState, type RefObject } from "react";
import { Empty, Waiting } from "../../parts/DataState";
import { openPdf, TextLayer, type PdfDocument, type PdfPage } from "./pdf";
import { ZoomButtons } from "./ZoomButtons";
import css from "./Records.module.css";

type State = { at: "reading" } | { at: "open"; document: PdfDocument; pages: PdfPage[] } | { at: "failed"; locked: boolean };

/** More pages than this are saved rather than shown. */
const PAGES_MAX = 500;

/** A PDF, page under page; text can be selected and read aloud, scripts never run. */
export function PdfView({ bytes, name }: { bytes: Uint8Array; name: string }) {
  const [state, setState] = useState<State>({ at: "reading" });
  const [zoom, setZoom] = useState(1);
  const { ref, width } = useElementSize<HTMLDivElement>();
  useEffect(() => {
    const task = openPdf(bytes);
    let gone = false;
    const read = async () => {
      const document = await task.promise;
      const count = Math.min(document.numPages, PAGES_MAX);
      const pages = await Promise.all(Array.from({ length: count }, (_, at) => document.getPage(at + 1)));
      if (!gone) setState({ at: "open", document, pages });
    };
    read().catch((thrown: unknown) => {
      if (!gone) setState({ at: "failed", locked: thrown instanceof Error && thrown.name === "PasswordException" });
    });
    return () => {
      gone = true;
      void task.destroy();
    };
  }, [bytes]);
  return (
    <div ref={ref}>
      {state.at === "reading" ? <Waiting rows={6} /> : null}
      {state.at === "failed" ? (
        <Empty>
          {state.locked ? <Trans>This PDF is locked with a password of its own. Save a copy and open it with another program.</Trans> : <Trans>This PDF could not be read. Save a copy and try another program; the file itself is as it was filed.</Trans>}
        </Empty>
      ) : null}
      {state.at === "open" ? (
        <>
          <div className={css.head} style={{ padding: "0.375rem 0.5rem", position: "sticky", insetInlineStart: 0 }}>
            <ZoomButtons zoom={zoom} onZoom={setZoom} />
            <span className="secondary numbers">
              <Plural value={state.document.numPages} one="# page" other="# pages" />
            </span>
          </div>
          <div className={css.pages}>
            {state.pages.map((page) => (
              <Page key={page.pageNumber} page={page} of={state.document.numPages} name={name} width={Math.max(240, Math.min(width > 0 ? width - 32 : 640, 1100)) * zoom} />
            ))}
          </div>
        </>
      ) : null}
    </div>
  );
}

interface PageProps {
  page: PdfPage;
  of: number;
  name: string;
  width: number;
}

/** One page: its place is kept from the start, it is drawn when it comes near. */
function Page({ page, of, name, width }: PageProps) {
  const { t } = useLingui();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const words = useRef<HTMLDivElement>(null);
  const near = useNear(frame);
  const scale = width / page.getViewport({ scale: 1 }).width;
  const viewport = page.getViewport({ scale });
  useEffect(() => {
    const [picture, layer] = [canvas.current, words.current];
    if (!near || !picture || !layer) return;
    const dense = Math.min(2, window.devicePixelRatio || 1);
    const sharp = page.getViewport({ scale: scale * dense });
    picture.width = Math.floor(sharp.width);
    picture.height = Math.floor(sharp.height);
    const drawing = page.render({ canvas: picture, viewport: sharp });
    layer.replaceChildren();
    const text = new TextLayer({ textContentSource: page.streamTextContent(), container: layer, viewport: page.getViewport({ scale }) });
    // Both end early when the size changes or the page leaves; that is no fault.
    drawing.promise.catch(() => undefined);
    void text.render().catch(() => undefined);
    return () => {
      drawing.cancel();
      text.cancel();
    };
  }, [near, page, scale]);
  return (
    <div ref={frame} className={css.page} style={{ width: viewport.width, height: viewport.height }} role="region" aria-label={t`${name}, page ${page.pageNumber} of ${of}`}>
      <canvas ref={canvas} style={{ width: viewport.width, height: viewport.height }} aria-hidden />
      <div ref={words} className={css.textLayer} style={{ ["--total-scale-factor" as string]: scale, ["--scale-factor" as string]: scale }} />
    </div>
  );
}

/** True from the moment an element has come near the visible part. */
function useNear(element: RefObject<HTMLElement | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const watch = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setNear(true), { rootMargin: "600px" });
    watch.observe(target);
    return () => watch.disconnect();
  }, [element]);
  return near;
}
