import type { Subject } from '../trial.ts';
import { glibcSubject } from './glibc.ts';
import { toolSubjects } from './tools.ts';

/** Every real program that the model is held against. A new one adds its file and a line here. */
export const subjects: readonly Subject[] = [glibcSubject, ...toolSubjects];
