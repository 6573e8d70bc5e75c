// What people send in place of a picture of their passport, and pictures that carry something besides. Every file is made
// here, from a picture that a browser has drawn.
import { crc32, deflateSync } from "node:zlib";

/** What no kept picture may hold. */
export const CANARY = "GPS-55.7558-37.6173-CANARY";

export type Sent = { name: string; bytes: Buffer };

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
const PNG = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

function chunk(kind: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(kind, "latin1"), body]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named) >>> 0);
  return Buffer.concat([length, named, sum]);
}

/** A PNG of one colour, of any size: a bomb of a few kilobytes. */
function flat(width: number, height: number, depth = 8, colour = 2): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([depth, colour], 8);
  const samples = { 0: 1, 2: 3, 6: 4 }[colour] ?? 1;
  const row = 1 + Math.ceil((width * depth * samples) / 8);
  // No more is written than a bomb needs to be one.
  const rows = Math.min(height, Math.max(1, Math.floor(60_000_000 / row)));
  return Buffer.concat([PNG, chunk("IHDR", head), chunk("IDAT", deflateSync(Buffer.alloc(row * rows))), chunk("IEND", Buffer.alloc(0))]);
}

function withSegment(jpeg: Buffer, marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 0xff]);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

const withChunk = (png: Buffer, kind: string, body: Buffer) => Buffer.concat([png.subarray(0, 33), chunk(kind, body), png.subarray(33)]);

/** An EXIF block with a turn and a text. */
function exif(turn: number): Buffer {
  const tiff = Buffer.alloc(38);
  tiff.write("II*\0", 0, "latin1");
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(2, 8);
  tiff.set([0x12, 0x01, 3, 0, 1, 0, 0, 0], 10);
  tiff.writeUInt16LE(turn, 18);
  tiff.set([0x0e, 0x01, 2, 0], 22);
  tiff.writeUInt32LE(CANARY.length, 26);
  tiff.writeUInt32LE(38, 30);
  return Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff, Buffer.from(CANARY)]);
}

function noise(seed: number, length: number): Buffer {
  let state = seed + 1;
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24;
  return Buffer.from(Array.from({ length }, next));
}

/** Not pictures at all, or of kinds that nobody needs. */
function strangers(): Sent[] {
  const heads: [string, string][] = [
    ["nothing", ""],
    ["one byte", "\xff"],
    ["text", "no picture at all"],
    ["html", "<!doctype html><script>alert(1)</script>"],
    ["svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"],
    ["xml bomb", "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"],
    ["gif", "GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"],
    ["gif script", "GIF89a=0;alert(1);//"],
    ["webp", "RIFF\x24\0\0\0WEBPVP8 "],
    ["bmp", "BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"],
    ["tiff", "II*\0\x08\0\0\0"],
    ["ico", "\0\0\x01\0\x01\0\x10\x10"],
    ["heic", "\0\0\0\x18ftypheic\0\0\0\0mif1heic"],
    ["avif", "\0\0\0\x1cftypavif\0\0\0\0avifmif1"],
    ["pdf", "%PDF-1.7\n1 0 obj<</OpenAction 2 0 R>>"],
    ["zip", "PK\x03\x04\x14\0\0\0\x08\0"],
    ["exe", "MZ\x90\0\x03\0\0\0"],
    ["elf", "\x7fELF\x02\x01\x01"],
    ["php", "<?php system($_GET['c']); ?>"],
    ["postscript", "%!PS\n(%pipe%id) (r) file"],
  ];
  const all = heads.map(([name, text]) => ({ name, bytes: Buffer.from(text, "latin1") }));
  for (let seed = 0; seed < 4; seed += 1) {
    all.push({ name: `noise as jpeg ${seed}`, bytes: Buffer.concat([JPEG, noise(seed, 4_000)]) });
    all.push({ name: `noise as png ${seed}`, bytes: Buffer.concat([PNG, noise(seed + 100, 4_000)]) });
  }
  all.push({ name: "a jpeg's mark alone", bytes: JPEG });
  all.push({ name: "a png's mark alone", bytes: PNG });
  all.push({ name: "13 megabytes", bytes: Buffer.concat([JPEG, Buffer.alloc(13 << 20)]) });
  all.push({ name: "11 megabytes behind a mark", bytes: Buffer.concat([PNG, Buffer.alloc(11 << 20)]) });
  return all;
}

/** Pictures that are too large, too small, or promise to be. */
function bombs(jpeg: Buffer): Sent[] {
  const all = [
    { name: "promises a hundred thousand", bytes: flat(100_000, 100_000) },
    { name: "144 megapixels", bytes: flat(12_000, 12_000) },
    { name: "a long stripe", bytes: flat(40_000, 400) },
    { name: "deep colour", bytes: flat(5_800, 5_800, 16, 6) },
    { name: "nothing wide", bytes: flat(0, 0) },
    { name: "one pixel", bytes: flat(1, 1) },
    { name: "299 pixels", bytes: flat(299, 900) },
  ];
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  for (const [name, side] of [["65535 high", 65_535], ["0 high", 0], ["16000 high", 16_000]] as const) {
    const bytes = Buffer.from(jpeg);
    bytes.writeUInt16BE(side, frame + 5);
    all.push({ name: `jpeg ${name}`, bytes });
  }
  return all;
}

/** Pictures that are cut, bent, or carry something besides. */
function carriers(kinds: [string, Buffer][]): Sent[] {
  const all: Sent[] = [];
  for (const [kind, bytes] of kinds) {
    for (const part of [2, 50, 90, 99]) {
      all.push({ name: `${kind} cut at ${part} %`, bytes: bytes.subarray(0, (bytes.length * part) / 100) });
    }
    for (let seed = 0; seed < 5; seed += 1) {
      const bent = Buffer.from(bytes);
      const how = noise(seed, 12);
      for (let n = 0; n < 12; n += 3) bent[how.readUInt16BE(n) % bent.length]! ^= how[n + 2]!;
      all.push({ name: `${kind} bent ${seed}`, bytes: bent });
    }
    for (const [name, tail] of [["zip", "PK\x03\x04"], ["php", "<?php system('id') ?>"], ["html", "<script>alert(1)</script>"]]) {
      all.push({ name: `${kind} with ${name} behind`, bytes: Buffer.concat([bytes, Buffer.from(`${tail}${CANARY}`, "latin1")]) });
    }
  }
  return all;
}

/** Pictures with metadata: each is an honest picture, and none of what it carries may be kept. */
function carrying(jpeg: Buffer, png: Buffer): Sent[] {
  const text = (body: string) => Buffer.from(body, "latin1");
  return [
    { name: "exif", bytes: withSegment(jpeg, 0xe1, exif(1)) },
    { name: "exif turned", bytes: withSegment(jpeg, 0xe1, exif(6)) },
    { name: "exif of an odd turn", bytes: withSegment(jpeg, 0xe1, exif(999)) },
    { name: "exif nonsense", bytes: withSegment(jpeg, 0xe1, text("Exif\0\0II*\0\xff\xff\xff\xff")) },
    { name: "a comment", bytes: withSegment(jpeg, 0xfe, text(`<script>alert('${CANARY}')</script>`)) },
    { name: "xmp", bytes: withSegment(jpeg, 0xe1, text(`http://ns.adobe.com/xap/1.0/\0${CANARY}`)) },
    { name: "a broken profile", bytes: withSegment(jpeg, 0xe2, text(`ICC_PROFILE\0\x01\x01${CANARY}`)) },
    { name: "png text", bytes: withChunk(png, "tEXt", text(`Comment\0${CANARY}`)) },
    { name: "png exif", bytes: withChunk(png, "eXIf", exif(6).subarray(6)) },
    { name: "png private", bytes: withChunk(png, "prVt", text(CANARY)) },
  ];
}

/** The whole of it, from one picture as JPEG and as PNG. */
export function hostile(jpeg: Buffer, png: Buffer): Sent[] {
  return [...strangers(), ...bombs(jpeg), ...carriers([["jpeg", jpeg], ["png", png]]), ...carrying(jpeg, png)];
}
