import { postgresql } from './servers.ts';
import { describeSweepsOver } from './sweeps-over-server.ts';

describeSweepsOver(postgresql);
