"""The door that starts and watches the processes: web server, worker, beat, broker."""
