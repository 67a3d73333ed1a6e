/** @file Finds a key given twice in one JSON object, which JSON.parse lets pass silently. */

const quote = 0x22;
const backslash = 0x5c;

/** The first key that occurs twice in the same object of a valid JSON text, or undefined. */
export function duplicateKey(json: string): string | undefined {
  /** Keys of the open objects, innermost last; undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  for (let position = 0; position < json.length; position++) {
    const character = json[position];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(undefined);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfString(json, position);
      const keys = open.at(-1);
      if (keys !== undefined && isFollowedByColon(json, end)) {
        const key = String(JSON.parse(json.slice(position, end)));
        if (keys.has(key)) return key;
        keys.add(key);
      }
      position = end - 1;
    }
  }
  return undefined;
}

/** Index just after the string that starts at `start`. */
function endOfString(json: string, start: number): number {
  let position = start + 1;
  while (position < json.length && json.charCodeAt(position) !== quote) {
    position += json.charCodeAt(position) === backslash ? 2 : 1;
  }
  return position + 1;
}

function isFollowedByColon(json: string, start: number): boolean {
  let position = start;
  while (position < json.length && ' \t\r\n'.includes(json.charAt(position))) position++;
  return json[position] === ':';
}
