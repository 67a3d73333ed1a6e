/** @file Studio over HTTP: every word of the interface as a request to the server that the page came from. */
import type {
  InputOf,
  OperationName,
  OutputOf,
  Studio,
  StudioEvent,
} from '../../src/studio/interface/studio.ts';
import { followEvents } from './event-stream.ts';
import { answerOf, request } from './http.ts';
import { operationKinds } from './operation-kinds.ts';

const path = (...parts: readonly string[]): string =>
  parts.map((part) => `/${encodeURIComponent(part)}`).join('');

/** A longer input does not fit an address everywhere, and goes as a body. */
const longestQuery = 4000;

export class HttpStudio implements Studio {
  async ask<Name extends OperationName>(
    name: Name,
    input: InputOf<Name>,
    signal?: AbortSignal,
  ): Promise<OutputOf<Name>> {
    const json = JSON.stringify(input);
    const ended = signal === undefined ? {} : { signal };
    const isQuery = operationKinds[name] === 'look' && json.length <= longestQuery;
    const response = isQuery
      ? await request(`/api/${name}?input=${encodeURIComponent(json)}`, ended)
      : await request(`/api/${name}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: json,
          ...ended,
        });
    return answerOf(response);
  }

  async addPicture(dataset: string, file: File, signal?: AbortSignal) {
    const address = path('api', 'datasets', dataset, 'pictures', file.name);
    const ended = signal === undefined ? {} : { signal };
    return answerOf<{ readonly name: string }>(
      await request(address, { method: 'PUT', body: file, ...ended }),
    );
  }

  async upload(file: Blob, name: string) {
    const response = await request(path('api', 'uploads', name), { method: 'PUT', body: file });
    return (await answerOf<{ readonly picture: string }>(response)).picture;
  }

  pictureAddress(picture: string, width?: number): string {
    return path('pictures', picture) + (width === undefined ? '' : `?width=${width}`);
  }

  downloadAddress(download: string): string {
    return path('downloads', download);
  }

  reportAddress(sweep: string): string {
    return `${path('reports', sweep)}/`;
  }

  listen(
    listener: (event: StudioEvent) => void,
    signal: AbortSignal,
    onConnection: (isConnected: boolean) => void = () => undefined,
  ): void {
    const onData = (data: string) => listener(JSON.parse(data) as StudioEvent);
    void followEvents('/api/events', { onData, onConnection }, signal);
  }
}
