#!/usr/bin/env node
// In the tree before anything is built, so that installing the workspace can link it.
import '../dist/main.js';
