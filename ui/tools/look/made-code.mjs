import { crc32, deflateSync } from "node:zlib";

const chunk = (name, data) => {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
};

/** A picture that looks like a QR code of so many modules and says nothing: a PNG in base64. */
export function madeCode(modules, seed) {
  const side = modules + 8;
  const finder = (x, y) => x >= 0 && y >= 0 && x < 7 && y < 7 && (x % 6 === 0 || y % 6 === 0 || (x > 1 && x < 5 && y > 1 && y < 5));
  const near = (x, y) => x < 8 && y < 8;
  const dark = (x, y) => {
    if (x < 0 || y < 0 || x >= modules || y >= modules) return false;
    const [right, low] = [modules - 7, modules - 7];
    if (near(x, y) || near(modules - 1 - x, y) || near(x, modules - 1 - y)) return finder(x, y) || finder(x - right, y) || finder(x, y - low);
    return ((x * 7919 + y * 104_729 + seed * 31 + ((x * y) % 13) * 17) >> 3) % 2 === 0;
  };
  const rows = Array.from({ length: side }, (_, y) => [0, ...Array.from({ length: side }, (_, x) => (dark(x - 4, y - 4) ? 0 : 255))]);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head[8] = 8;
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", deflateSync(Buffer.from(rows.flat()))), chunk("IEND", Buffer.alloc(0))]).toString("base64");
}
