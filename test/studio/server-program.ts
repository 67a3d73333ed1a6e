/** @file A server of Studio as a process of its own, for tests that kill it: says its port and a browser's cookie. */
import { startStudio } from './studio-server.ts';

const [page = '', work = '', port = '0'] = process.argv.slice(2);
const studio = await startStudio({ page, work, port: Number(port), keepWork: true });
process.stdout.write(`${JSON.stringify({ port: studio.port, cookie: studio.cookie })}\n`);
