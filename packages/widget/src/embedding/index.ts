export { type ChatState, type ChatVerbs, INITIAL_STATE } from './chat-state.ts'
export { Embedding } from './embedding.ts'
export type { EmbeddingOptions } from './options.ts'
export type { ElementName } from './place.ts'
