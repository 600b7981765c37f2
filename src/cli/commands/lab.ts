import { spawn } from 'node:child_process';
import { CulpritError } from '../../shared/culprit-error.ts';
import { sanitizeLines } from '../../shared/sanitize.ts';
import { pad, textWidth } from '../../shared/text-width.ts';
import { findScenario, showCommand, targetOf, withScenario } from '../../lab/run-scenario.ts';
import type { Scenario } from '../../lab/scenario.ts';
import { scenarios } from '../../lab/scenarios/index.ts';
import { shellLine } from '../../lab/program.ts';
import type { CommandArgs, CommandIo, CommandModule, ExitStatus } from '../command.ts';
