"""What stands with a post that isn't the other side's answer, but ours."""

ENDED = "the channel has ended"
NOTHING_LEFT = "nothing was left to tell"
UNREADABLE = "locked by another SECRET_KEY: set the channel up anew"
