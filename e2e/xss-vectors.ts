/**
 * Text that becomes script where a page takes it for markup, an address, a style or a template. One or more of each
 * kind that the OWASP "XSS Filter Evasion Cheat Sheet" and PortSwigger's "Cross-site scripting (XSS) cheat sheet" list;
 * the wording is our own. Each calls `ran`.
 */
export const XSS_VECTORS: readonly string[] = [
  // Elements that run by being there.
  '<script>ran()</script>',
  '<ScRiPt >ran()</sCrIpT>',
  '<script src="data:text/javascript,ran()"></script>',
  '<script type="module">ran()</script>',
  '<<script>ran()//<</script>',
  '<scr<script>ipt>ran()</scr</script>ipt>',
  '<svg><script>ran()</script></svg>',
  '<math><mtext></mtext><script>ran()</script></math>',
  // Handlers that need nobody.
  '<img src=x onerror=ran()>',
  '<img src="x" onerror="&#114;&#97;&#110;()">',
  '<img src=x onerror="eval(atob(\'cmFuKCk=\'))">',
  '<svg onload=ran()>',
  '<svg/onload=ran()//',
  '<svg><animate onbegin=ran() attributeName=x dur=1s></svg>',
  '<body onload=ran()>',
  '<input autofocus onfocus=ran()>',
  '<details open ontoggle=ran()>',
  '<video><source onerror=ran()></video>',
  '<audio src=x onerror=ran()>',
  '<marquee onstart=ran()>',
  '<style>@keyframes x{}</style><p style="animation-name:x" onanimationstart=ran()>',
  '<xss tabindex=1 autofocus onfocus=ran() id=x>#x',
  // Out of an attribute, a comment, a title or a text area first.
  '"><img src=x onerror=ran()>',
  "' autofocus onfocus=ran() x='",
  '` onerror=ran() x=`',
  '--><img src=x onerror=ran()>',
  '</title><img src=x onerror=ran()>',
  '</textarea><img src=x onerror=ran()>',
  '</script><script>ran()</script>',
  '<noscript><p title="</noscript><img src=x onerror=ran()>">',
  // Addresses.
  'javascript:ran()',
  'JaVaScRiPt:ran()',
  'java\tscript:ran()',
  '\u0001javascript:ran()',
  'data:text/html,<script>ran()</script>',
  'https://example.com/"onmouseover="ran()',
  'https://example.com/?x=<img/src=x/onerror=ran()>',
  'mailto:a@example.com"onfocus="ran()"autofocus="',
  '<a href="javascript:ran()">click</a>',
  '<iframe src="javascript:ran()"></iframe>',
  '<iframe srcdoc="<script>parent.ran()</script>"></iframe>',
  '<object data="javascript:ran()"></object>',
  '<embed src="javascript:ran()">',
  '<form action="javascript:ran()"><button autofocus>go</button></form>',
  '<base href="javascript:ran();//">',
  '<meta http-equiv="refresh" content="0;url=javascript:ran()">',
  '<link rel=stylesheet href="data:text/css,@import">',
  // Templates, prototypes, what is not quite ASCII.
  '{{constructor.constructor("ran()")()}}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is meant for a template that is not ours
  '${ran()}',
  '__proto__',
  '＜script＞ran()＜/script＞',
  '\u202e<img src=x onerror=ran()>',
  '%3Cscript%3Eran()%3C/script%3E',
]
