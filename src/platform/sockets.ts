/** @file Connections between the processes of a machine. */
export { connect, createServer, type Server, type Socket } from 'node:net';
