namespace Morgana.Storage.CopyOnWrite;

/// <summary>Keeps what was reachable when it was made from being written over. Dispose of it once.</summary>
internal readonly struct ReadPin(FreeSpace space, long turn) : IDisposable
{
    public void Dispose() => space.Unpin(turn);
}
