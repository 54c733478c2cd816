"""Who may write what belongs to no single app. Everyone reads what is public."""

import rules

from bethune_smartcity.accounts.rules import is_administrator, is_agent

rules.add_perm("portal.see_news_desk", is_agent)
rules.add_perm("portal.write_news", is_agent)
rules.add_perm("portal.edit_legal_texts", is_agent | is_administrator)
