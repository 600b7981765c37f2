import type { Subject } from '../trial.ts';
import { glibcSubject } from './glibc.ts';
import { goSubjects } from './go.ts';
import { muslSubject } from './musl.ts';
import { toolSubjects } from './tools.ts';

/** Every real program that the model is held against. A new one adds its file and a line here. */
export const subjects: readonly Subject[] = [glibcSubject, muslSubject, ...goSubjects, ...toolSubjects];
