import { type ChatState, Embedding, type EmbeddingOptions, INITIAL_STATE } from '@deskbell/widget/embedding'
import {
  type InjectionKey,
  inject,
  type MaybeRefOrGetter,
  type ObjectPlugin,
  type ShallowRef,
  shallowRef,
  toValue,
  watch,
} from 'vue'

/** The app's one conversation. */
export interface AppChat {
  readonly embedding: Embedding
  readonly state: Readonly<ShallowRef<ChatState>>
  /** Begins the conversation, once; called when a component that needs it is mounted, never on a server. */
  begin(): void
}

const APP_CHAT: InjectionKey<AppChat> = Symbol('deskbell')

/**
 * Gives an app its support chat, until the app is unmounted. Options may be reactive: another `token` string,
 * `visitor` or `desk` begins another conversation.
 * @example createApp(App).use(DeskbellPlugin, { desk: 'https://desk.example', token: getToken }).mount('#app')
 */
export const DeskbellPlugin: ObjectPlugin<[MaybeRefOrGetter<EmbeddingOptions>]> = {
  install(app, options) {
    // A copy: what is reactive changes under the hands of whoever compares it.
    const current = () => ({ ...toValue(options) })
    const embedding = new Embedding(current())
    const state = shallowRef(INITIAL_STATE)
    let end: (() => void) | undefined
    embedding.subscribe(() => {
      state.value = embedding.getState()
    })
    const stop = watch(current, (now) => embedding.update(now))
    app.onUnmount(() => {
      stop()
      end?.()
    })
    app.provide(APP_CHAT, {
      embedding,
      state,
      begin() {
        end ??= embedding.start()
      },
    })
  },
}

/** Throws where the app does not use the plugin. */
export function useAppChat(): AppChat {
  const chat = inject(APP_CHAT, null)
  if (!chat) throw new Error('Support chat needs app.use(DeskbellPlugin, { desk })')
  return chat
}
