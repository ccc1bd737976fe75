"""How a command says what it has to say: tables, progress, complaints, logs."""
