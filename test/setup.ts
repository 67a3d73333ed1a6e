/** @file Read before every test file; what it imports, once a worker. */
import './equal-bytes.ts';
