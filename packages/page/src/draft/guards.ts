/** What makes a sentence no promise of the company, however promising its words. */

const harmless =
  /\bno(?:t)? (?:later|more|less|longer|fewer) than\b|\bnot only\b|\bwithout (?:undue delay|delay|interruption|downtime|notice)\b|\bno matter\b|\bno one but\b|\bnot limited to\b|\bwithout exception\b|\bno less\b|\bno exceptions?\b|\bno shared\b|\bno cost\b|\bwhether or not\b|\bregardless\b/gi
const denial =
  /\b(?:not|never|no|nobody|none|neither|nor|without|cannot|unable|nothing)\b|\w+n['’]t\b/i

/** Whether a stretch of text denies something. */
export function denies(text: string): boolean {
  return denial.test(text.replace(harmless, ''))
}

const future =
  /\b(?:(?<!contingency )plan(?:s|ned|ning)? (?:to|on|for)|(?:are|is|we're) (?:planning|working|preparing|evaluating|considering|pursuing|exploring|in the process)|aim(?:s|ing)? (?:to|for)|striv(?:e|es|ing)|intend(?:s|ed)?|hope(?:s)? to|road-?map|coming soon|coming in|in the future|one day|eventually|later this year|next year|goal is|our goal|target date|upcoming|on our list|not yet|in preparation|working towards?|under way|underway|would (?:like|love|be|need|have)|expect(?:ed)? to (?:obtain|receive|complete|achieve|launch))\b/i
const advice =
  /\b(?:we (?:recommend|suggest|encourage|advise)|recommended (?:to|that|for)|you (?:should|must|need to|are responsible|have to|are advised|are expected)|(?:customers?|clients?|users?|administrators?|controllers?|subscribers?|merchants?|data exporters?) (?:should|must|shall|need to|are responsible|is responsible|remains? responsible|are (?:advised|encouraged|expected))|(?:your|the customer['’]s|customer['’]s|the client['’]s) (?:own )?(?:responsibility|obligation)|responsibility of (?:the )?(?:customer|client|controller)|is up to you|make sure (?:that )?(?:you|your)|please (?:use|enable|choose|keep|make|do|turn|set|rotate)|remember to|don['’]t forget|be sure to|you remain responsible|consider (?:using|enabling))\b/i
const supposition =
  /\b(?:if you (?:use|enable|choose|want|need|are|have)|imagine|for (?:example|instance), (?:a|an|if)|most (?:companies|vendors|providers|breaches)|many (?:companies|vendors|providers|tools)|some (?:vendors|providers|companies)|other (?:vendors|providers)|unlike|in theory|industry average|according to|typically (?:refers|means)|(?:is|are) defined as|means (?:that|any|the)|refers to|stands for|is (?:a|an|the) (?:process|practice|standard|protocol|method|technique|term|framework|way|technology)|(?:we|they) used to|in the past|previously|back in|until (?:19|20)\d\d|before (?:19|20)\d\d|originally|formerly|(?:was|were) founded)\b/i

export type Guard = 'question' | 'future' | 'advice' | 'supposition' | null

/** Why a sentence is no promise; null when it may be one. */
export function guardOf(text: string): Guard {
  if (/\?["”’)]?\s*$/.test(text)) return 'question'
  if (future.test(text)) return 'future'
  if (advice.test(text)) return 'advice'
  return supposition.test(text) ? 'supposition' : null
}
