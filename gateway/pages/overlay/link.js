/**
 * The overlay's address: stream, token and parameters. It stays as it is, because OBS loads the same address again
 * whenever a scene comes back, and may keep nothing else.
 */

/** A JWT; what is none may not even stand in the name of a subprotocol. */
const TOKEN = /^[\w-]+(\.[\w-]*){2}$/;

/**
 * @param {Location | URL} address
 * @returns {{stream: string, token: string | null, parameters: URLSearchParams}} parameters may stand behind the token
 *   as well: that is where one lands who adds to the end of the link
 */
export function readLink(address) {
  const fragment = new URLSearchParams(address.hash.slice(1));
  const token = fragment.get("token");
  fragment.delete("token");
  return {
    stream: decodeURIComponent(address.pathname.split("/").filter(Boolean).at(-1) ?? ""),
    token: token && TOKEN.test(token) ? token : null,
    parameters: new URLSearchParams([...new URLSearchParams(address.search), ...fragment]),
  };
}
