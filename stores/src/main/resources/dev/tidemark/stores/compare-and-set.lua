-- Sets each key to its new value, unless the stored one is newer.
-- KEYS: the keys, no two the same. ARGV: a value for each key; then, if any expires, an instant for each in epoch milliseconds, 0 for never.
-- Returns, for each value that was refused, its number and why: 1 it is behind, 2 it is of an older epoch.
--
-- A value starts with its format (1 byte), epoch (8 bytes), valid_from (8 bytes) and position: the number of partitions, and of each
-- its number and offset, all as zigzag numbers of seven bits a byte. Lua knows doubles only, exact to 53 bits, so that numbers
-- of 64 bits are taken apart in two and compared part by part.

local HEADER = 17
local BEHIND, FENCED = 1, 2

-- The number at an index, as its upper bits and its lower 28, and the index behind it.
local function number(value, at)
    local high, low, weight, byte = 0, 0, 1, 128
    local start = at
    while byte >= 128 do
        byte = string.byte(value, at)
        if at == start + 4 then weight = 1 end
        if at < start + 4 then
            low = low + byte % 128 * weight
        else
            high = high + byte % 128 * weight
        end
        weight = weight * 128
        at = at + 1
    end
    return high, low, at
end

-- The offsets by partition.
local function position(value)
    local offsets = {}
    local _, count, at = number(value, HEADER + 1)
    for _ = 1, count / 2 do
        local partition_high, partition_low, high, low
        partition_high, partition_low, at = number(value, at)
        high, low, at = number(value, at)
        offsets[partition_high * 268435456 + partition_low] = {high, low}
    end
    return offsets
end

local function compare(high, low, other_high, other_low)
    if high ~= other_high then return high < other_high and -1 or 1 end
    if low ~= other_low then return low < other_low and -1 or 1 end
    return 0
end

local function verdict(old, new)
    local old_eh, old_el, old_vh, old_vl = struct.unpack('>i4I4i4I4', old, 2)
    local new_eh, new_el, new_vh, new_vl = struct.unpack('>i4I4i4I4', new, 2)
    local epochs = compare(new_eh, new_el, old_eh, old_el)
    if epochs <= 0 then return epochs < 0 and FENCED or 0 end

    local times = compare(new_vh, new_vl, old_vh, old_vl)
    local old_offsets, new_offsets = position(old), position(new)
    local further, nothing = false, next(old_offsets) == nil
    for partition, offset in pairs(old_offsets) do
        local reached = new_offsets[partition]
        if not reached then
            if times <= 0 then return BEHIND end
        else
            local offsets = compare(reached[1], reached[2], offset[1], offset[2])
            if offsets < 0 then return BEHIND end
            if offsets > 0 then further = true end
        end
    end
    for partition in pairs(new_offsets) do
        if not nothing and not old_offsets[partition] then further = true end
    end
    if not further and times < 0 then return BEHIND end
    return 0
end

local olds = redis.call('MGET', unpack(KEYS))
local expires = #ARGV > #KEYS
local refused, sets = {}, {}
for i, key in ipairs(KEYS) do
    local old, new = olds[i], ARGV[i]
    local why = 0
    -- A value of another format is one of an earlier release, which knew no epochs.
    if old and string.byte(old, 1) == string.byte(new, 1) and string.sub(old, 1, 9) ~= string.sub(new, 1, 9) then
        why = verdict(old, new)
    end
    if why ~= 0 then
        refused[#refused + 1] = i
        refused[#refused + 1] = why
    elseif expires and ARGV[#KEYS + i] ~= '0' then
        redis.call('SET', key, new, 'PXAT', ARGV[#KEYS + i])
    else
        sets[#sets + 1] = key
        sets[#sets + 1] = new
    end
end
if #sets > 0 then redis.call('MSET', unpack(sets)) end
return refused
