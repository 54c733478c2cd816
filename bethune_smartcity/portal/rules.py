"""Who writes the news. Everyone reads what is public."""

import rules

from bethune_smartcity.accounts.rules import is_agent

rules.add_perm("portal.see_news_desk", is_agent)
rules.add_perm("portal.write_news", is_agent)
