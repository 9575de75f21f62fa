namespace Morgana.Rig.Guest;

/// <summary>The rig cannot start or has died; the message says why and what to do, with the guest's last console lines.</summary>
public sealed class RigException(string message, Exception? inner = null)
    : Exception(message, inner);
