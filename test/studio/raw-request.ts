/** @file Requests as bytes on a socket: browsers and Node's fetch would not send what attackers do. */
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends lines as they are, and reads until the server closes. */
export function rawRequest(
  port: number,
  lines: readonly string[],
  body: string | Uint8Array = '',
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const pieces: Buffer[] = [];
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    socket.on('close', () => resolve(parsed(Buffer.concat(pieces).toString('latin1'))));
    socket.on('error', (error) => (pieces.length > 0 ? undefined : reject(error)));
    socket.write([...lines, 'Connection: close', '', ''].join('\r\n'));
    socket.write(body);
  });
}

function parsed(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...fields] = head.split('\r\n');
  const headers = fields.map((field): [string, string] => {
    const at = field.indexOf(':');
    return [field.slice(0, at).toLowerCase(), field.slice(at + 1).trim()];
  });
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: rest.join('\r\n\r\n'),
  };
}
