// Signals of the shared brief: who writes where, and what is drawn. No number, now or never.
import type { StrokesNews } from '../api/brief';
import type { Lock } from '../api/types';

export type BriefFrame = { type: 'lock'; lock: Lock } | { type: 'strokes'; strokes: StrokesNews };
