import { Component, type ReactNode } from 'react'
import { Notice } from './notice.tsx'
import { useWords } from './words/words.ts'

/** What is left to say when a part of the page threw: drafts and unsent messages are kept, a reload heals. */
export class CrashBoundary extends Component<{ children: ReactNode }, { hasCrashed: boolean }> {
  override state = { hasCrashed: false }

  static getDerivedStateFromError() {
    return { hasCrashed: true }
  }

  override render() {
    return this.state.hasCrashed ? <Crashed level={1} /> : this.props.children
  }
}

export function Crashed({ level }: { level: 1 | 2 }) {
  const { crashed } = useWords()
  const reload = { label: crashed.reload, run: () => location.reload() }
  return <Notice level={level} heading={crashed.heading} hint={crashed.hint} action={reload} />
}
