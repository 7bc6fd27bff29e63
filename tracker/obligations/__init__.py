"""What each plant owes: a requirement for a subject in a period, due on a day, and why."""
