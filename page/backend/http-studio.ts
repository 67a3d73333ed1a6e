/** @file Studio by requests: every word of the interface as HTTP has it, to a server or to a worker of the tab. */
import type { BroughtFile } from '../../src/studio/interface/machine-operations.ts';
import type {
  FrameContent,
  InputOf,
  OperationName,
  OutputOf,
  Studio,
  StudioEvent,
} from '../../src/studio/interface/studio.ts';
import { followEvents, type StreamListener } from './event-stream.ts';
import { answerOf, request, type Send, toServer } from './http.ts';
import { operationKinds } from './operation-kinds.ts';

const path = (...parts: readonly string[]): string =>
  parts.map((part) => `/${encodeURIComponent(part)}`).join('');

/** A longer input does not fit an address everywhere, and goes as a body. */
const longestQuery = 4000;

/** How requests reach Studio, and its events the page. */
export interface Transport {
  /** What stands before every path: the folder that the page is served from, without a slash at its end. */
  readonly base: string;
  /** Whether addresses reach Studio from frames without an origin, which a service worker does not answer. */
  readonly hasFrames: boolean;
  readonly send: Send;
  /** Tells events, each as JSON, until the signal aborts. */
  readonly follow: (listener: StreamListener, signal: AbortSignal) => void;
}

/** The server that the page came from. */
const server: Transport = {
  base: '',
  hasFrames: true,
  send: toServer,
  follow: (listener, signal) => void followEvents('/api/events', listener, signal),
};

export class HttpStudio implements Studio {
  readonly #transport: Transport;

  constructor(transport: Transport = server) {
    this.#transport = transport;
  }

  async ask<Name extends OperationName>(
    name: Name,
    input: InputOf<Name>,
    signal?: AbortSignal,
  ): Promise<OutputOf<Name>> {
    const json = JSON.stringify(input);
    const ended = signal === undefined ? {} : { signal };
    const isQuery = operationKinds[name] === 'look' && json.length <= longestQuery;
    const response = isQuery
      ? await this.#request(`/api/${name}?input=${encodeURIComponent(json)}`, ended)
      : await this.#request(`/api/${name}`, {
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
      await this.#request(address, { method: 'PUT', body: file, ...ended }),
    );
  }

  async upload(file: Blob, name: string) {
    const address = path('api', 'uploads', name);
    const response = await this.#request(address, { method: 'PUT', body: file });
    return (await answerOf<{ readonly picture: string }>(response)).picture;
  }

  async bring(file: File) {
    const headers = { 'X-Krona-Size': String(file.size) };
    const address = path('api', 'files', file.name);
    return answerOf<BroughtFile>(
      await this.#request(address, { method: 'PUT', body: file, headers }),
    );
  }

  pictureAddress(picture: string, width?: number): string {
    return this.#address('pictures', picture) + (width === undefined ? '' : `?width=${width}`);
  }

  downloadAddress(download: string): string {
    return this.#address('downloads', download);
  }

  reportAddress(sweep: string): string {
    return `${this.#address('reports', sweep)}/`;
  }

  async framedReport(sweep: string, version: number, signal?: AbortSignal): Promise<FrameContent> {
    const { hasFrames } = this.#transport;
    if (hasFrames) return { src: `${this.reportAddress(sweep)}?version=${version}` };
    const ended = signal === undefined ? {} : { signal };
    const response = await this.#request(`${path('reports', sweep)}/`, ended);
    return { srcDoc: await response.text() };
  }

  listen(
    listener: (event: StudioEvent) => void,
    signal: AbortSignal,
    onConnection: (isConnected: boolean) => void = () => undefined,
  ): void {
    const onData = (data: string) => listener(JSON.parse(data) as StudioEvent);
    this.#transport.follow({ onData, onConnection }, signal);
  }

  /** Where the browser finds what an element loads. */
  #address(...parts: readonly string[]): string {
    return this.#transport.base + path(...parts);
  }

  #request(address: string, init: RequestInit): Promise<Response> {
    return request(address, init, this.#transport.send);
  }
}
