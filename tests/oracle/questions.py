"""Questions that come up where rules meet: some the domain leaves open, some it seems to answer otherwise than the rulebook does."""

from __future__ import annotations

# The oracle answers these from the words of the domain, and the rulebook reads them otherwise. They are not compared until that is
# settled; a line that is taken out is compared again.
DISPUTED = {
    "services without a site visit": "the guidance lists `site visits still required` among the other readings, so that none is required",
    "only scores from before": "a rated trust of which nothing was assessed again keeps its rating; scores carried over are not assessed again",
}
