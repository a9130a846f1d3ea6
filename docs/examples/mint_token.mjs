// Let a viewer into a stream from your own backend, without a call to the gateway. Needs nothing but Node.
//
//   OVATION_TOKEN_SECRET=… node mint_token.mjs STREAM VIEWER '{"tier": "gold"}'

import { createHmac } from "node:crypto";
import { pathToFileURL } from "node:url";

const encode = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** Return a token. `setting` is the gateway's OVATION_TOKEN_SECRET: a secret, or KID:SECRET,KID:SECRET. */
export function mintToken(setting, stream, viewer, claims, expiresInS = 6 * 3600) {
  const first = setting.split(",")[0].trim();
  const colon = first.indexOf(":");
  const kid = colon < 0 ? "default" : first.slice(0, colon);
  const secret = first.slice(colon + 1);
  const payload = {
    aud: "ovation",
    sub: viewer,
    stream,
    role: "viewer",
    exp: Math.floor(Date.now() / 1000) + expiresInS,
    claims,
  };
  const signed = `${encode({ alg: "HS256", typ: "JWT", kid })}.${encode(payload)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [stream, viewer, claims] = process.argv.slice(2);
  console.log(mintToken(process.env.OVATION_TOKEN_SECRET, stream, viewer, JSON.parse(claims)));
}
