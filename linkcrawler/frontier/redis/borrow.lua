-- Take a host's turn without a URL of its queue (a redirect of robots.txt), or end such a turn.
-- ARGV: host, token, length in ms (0: end it), default delay in ms. Answers 1 if it was done.
local host, token, length = ARGV[1], ARGV[2], tonumber(ARGV[3])
local gate = redis.call('GET', cluster .. 'gate:' .. host)
local mine = gate and string.match(gate, '^%d+:(.*)$') == token
if length == 0 then
  if mine then end_turn(host, pace_of(host, tonumber(ARGV[4])), token) end
  return mine and 1 or 0
end
if not mine and gate_of(host) > now then return 0 end
close_gate(host, length, token)
return 1
