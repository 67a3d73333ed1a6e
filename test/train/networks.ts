/** @file Compiled steps, and the networks that draw, which the runs of a worker's test files share. */
import { KeptNetworks } from '../../src/pipeline/network/lending.ts';

/** Runs of one shape share a compiled step; kill.test.ts goes on in a new process. */
export const networks = new KeptNetworks(8);
