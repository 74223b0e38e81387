#!/usr/bin/env node
import { egvkit } from './cli.ts';
import { runProcess } from './process.ts';

await runProcess(egvkit);
