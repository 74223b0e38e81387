import { vi } from 'vitest';

// A test of a page clicks through minutes of a person's work, and shares the machine with others.
vi.setConfig({ testTimeout: 120_000 });
