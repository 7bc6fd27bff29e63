"""Reminders under fire: real parts are killed, stopped and made to refuse; mails are counted."""
